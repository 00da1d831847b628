"""Cloud Storage on one machine: Google's JSON API and the part of the XML API that signed URLs need.

router ──► bucket_api, object_api, batch          answers of JSON, made in a thread
       ──► uploads, resumable, downloads, xml_api   streams, on the loop
                 │
               store ──► buckets, objects, sessions ──► database (metadata), content (bytes)
"""
