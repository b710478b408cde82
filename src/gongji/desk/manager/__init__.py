"""机构管理: staff, departments, items and mapping, stock, agreement, keys, monthly totals."""
