"""What the law asks of a keeper of records: erasing, handing out and letting go of what is kept."""
