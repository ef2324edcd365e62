"""The kinds of file, a reader each; `assistant.articles.readers` has the table of them."""
