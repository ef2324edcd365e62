"""How the reader is trained; see README.md beside this file. Not a part of the product."""
