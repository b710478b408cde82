UPDATE gateway_signin SET signed_out_at = $4
WHERE sign_no = $1 AND fixmedins_code = $2 AND signed_in_at >= $3 AND signed_out_at IS NULL
RETURNING sign_no;
