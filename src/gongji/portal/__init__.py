"""Portal (参保人服务): what a member sees and does, phone first."""
