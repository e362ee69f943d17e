"""The evidence pack: one ZIP with a PDF, a workbook, the evidence files, the journal and the means to check it."""
