"""What every room stands on: money, reasons, national codes, hashes and identifiers. No I/O, no clock."""
