-- Stamps of saved views.

create or replace trigger saved_views_20_stamp
before update on app.saved_views
for each row execute function app.stamp_authored_row();
