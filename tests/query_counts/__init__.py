"""A page of three rows costs as many queries as a page of one."""
