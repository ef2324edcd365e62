"""Days and spans in the words of a sentence, and when the thing told of happened."""
