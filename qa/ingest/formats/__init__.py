"""The file formats that articles are read from."""
