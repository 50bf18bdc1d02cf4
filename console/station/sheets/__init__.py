"""Whole site files as sheets: several CSV files in a folder or a zip, or one workbook; the same columns in each."""
