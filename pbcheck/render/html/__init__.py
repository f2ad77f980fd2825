"""The parts of the HTML report: what each section holds, the page they stand on, and a folder of linked pages."""
