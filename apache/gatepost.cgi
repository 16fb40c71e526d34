#!/bin/sh
# gatepost-ingest as plain CGI: started by the web server for each request, with the same answers and the same durability. Its log
# goes to the web server's error log. Change the first line to where the tarball was unpacked.
gatepost=/home/USER/gatepost

export GATEPOST_CONFIG="$gatepost/etc/gatepost.yaml" GATEPOST_SECRETS="$gatepost/etc/secrets.env" GATEPOST_DB="$gatepost/var/gatepost.db"
exec "$gatepost/bin/gatepost-ingest"
