"""电子处方中心: its sealed messages (appId, SM4, SM2), their way to the trades of the national envelope, and its notices."""
