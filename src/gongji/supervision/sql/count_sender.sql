INSERT INTO supervision_sender (hour, source, number) VALUES ($1, $2, 1)
ON CONFLICT (hour, source) DO UPDATE SET number = supervision_sender.number + 1
RETURNING number
