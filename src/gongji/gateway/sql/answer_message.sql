UPDATE gateway_message SET output = $4 WHERE fixmedins_code = $1 AND infno = $2 AND msgid = $3;
