"""The rows of the matrix, one module a part of the web."""
