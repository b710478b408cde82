INSERT INTO gateway_signin (sign_no, fixmedins_code, opter_no, signed_in_at) VALUES ($1, $2, $3, $4);
