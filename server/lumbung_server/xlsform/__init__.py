"""Read forms from Excel files (XLSForm) and write them as such. Imports shared only; knows no database and no request.

The only package that imports pyxform, openpyxl and xlrd: what it is given was written by anybody.
"""
