#!/bin/sh
# Run by the image of PostgreSQL when the volume is new.
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /setup/create-roles.sql

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner_password="$TIMER_OWNER_PASSWORD" --set user_password="$TIMER_USER_PASSWORD" <<'SQL'
ALTER ROLE timer_owner PASSWORD :'owner_password';
ALTER ROLE timer_user PASSWORD :'user_password';
SQL
