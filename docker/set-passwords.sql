-- Run by psql after create-roles.sql. From the environment, so that any character may stand in a password, and
-- none is seen in the list of processes.
\getenv owner_password TIMER_OWNER_PASSWORD
\getenv user_password TIMER_USER_PASSWORD

ALTER ROLE timer_owner PASSWORD :'owner_password';
ALTER ROLE timer_user PASSWORD :'user_password';
