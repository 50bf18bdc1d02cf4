"""What the station's papers say, in the languages of their readers."""
