-- Addresses, titles and names of webs, each once.
CREATE TABLE strings (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- Fingerprints of main texts. `way`: how they were made; `sketch`: hashes of 32 bits, the least byte first.
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    way INTEGER NOT NULL,
    words INTEGER NOT NULL,
    shingles INTEGER NOT NULL,
    simhash INTEGER NOT NULL,
    sketch BLOB NOT NULL
);

-- What is checked: an address in a web.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    web INTEGER NOT NULL REFERENCES strings,
    UNIQUE (url, web)
);

-- Every check: added, never changed. `state`: 0 ok, 1 moved, 2 dead, 3 soft-404, 4 blocked,
-- 5 unreachable, 6 unsafe, 7 invalid, 8 skipped; `final`: where it is another address;
-- `published`: 20250214, 20250200 or 20250000; `digest`: SHA-256.
CREATE TABLE checks (
    source INTEGER NOT NULL REFERENCES sources,
    at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    status INTEGER,
    final INTEGER REFERENCES strings,
    title INTEGER REFERENCES strings,
    published INTEGER,
    text INTEGER REFERENCES texts,
    digest BLOB,
    PRIMARY KEY (source, at)
) WITHOUT ROWID;

-- Documents and lists that were swept: as they were when they were read, and in which sweep last. `web`:
-- that in which their sources were asked.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    web TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    sweep INTEGER NOT NULL,
    UNIQUE (path, web)
);

-- What they cite; `note`: its number, or nothing; `title` and `date`: as cited, `date` in the form of
-- `published`.
CREATE TABLE cited (
    document INTEGER NOT NULL REFERENCES documents,
    source INTEGER NOT NULL REFERENCES sources,
    note TEXT NOT NULL,
    title INTEGER REFERENCES strings,
    date INTEGER,
    PRIMARY KEY (document, source, note)
) WITHOUT ROWID;
CREATE INDEX cited_by_source ON cited (source);

-- Sweeps under way: what they are of, and since when. No number comes again: documents name it.
CREATE TABLE sweeps (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, started INTEGER NOT NULL);

INSERT INTO strings (text)
    SELECT web FROM visits UNION SELECT final_url FROM visits WHERE final_url <> url
    UNION SELECT title FROM visits WHERE title IS NOT NULL AND state IN ('ok', 'moved');
INSERT INTO sources (url, web) SELECT url, strings.id FROM visits JOIN strings ON text = web;
INSERT INTO checks
    SELECT sources.id, at,
        CASE state WHEN 'ok' THEN 0 WHEN 'moved' THEN 1 WHEN 'dead' THEN 2 WHEN 'soft-404' THEN 3
            WHEN 'blocked' THEN 4 WHEN 'unreachable' THEN 5 WHEN 'unsafe' THEN 6 WHEN 'invalid' THEN 7 ELSE 8 END,
        status,
        (SELECT id FROM strings WHERE text = final_url AND final_url <> visits.url),
        (SELECT id FROM strings WHERE text = title AND state IN ('ok', 'moved')),
        NULL, NULL, unhex(digest)
    FROM visits JOIN strings w ON w.text = visits.web JOIN sources ON sources.url = visits.url AND sources.web = w.id;
