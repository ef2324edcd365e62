"""What holds a library's stores: SQLite or PostgreSQL for the catalogue, Chroma for the vectors.

Nothing here knows what the stores are for; `assistant.library.places` puts them together.
"""
