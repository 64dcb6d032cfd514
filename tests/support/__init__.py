"""Second implementations and made-up markets that tests hold the product against."""
