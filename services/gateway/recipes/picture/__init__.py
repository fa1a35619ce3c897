"""A companion from a picture: the picture is taken in, read, put into words, and gone by."""
