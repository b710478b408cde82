"""药店收银台: a pharmacy sells on a prescription or without one, pack by pack."""
