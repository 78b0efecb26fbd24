"""One town's year as its office keeps it: tables, the workbooks made from them, and what their columns mean."""
