CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT NOT NULL, year INTEGER, author_id INTEGER REFERENCES author(id));
CREATE TABLE loan (book_id INTEGER REFERENCES book(id), reader TEXT, days INTEGER);
INSERT INTO author VALUES (1, 'Undset'), (2, 'Hamsun'), (3, 'Ibsen'), (4, 'Nobody');
INSERT INTO book VALUES (1, 'Kristin', 1920, 1), (2, 'Jenny', 1911, 1), (3, 'Hunger', 1890, 2), (4, 'Brand', 1866, 3), (5, 'Ghosts', 1881, 3), (6, 'Peer', 1867, 3);
INSERT INTO loan VALUES (1, 'ann', 10), (1, 'bob', 30), (3, 'ann', 7), (5, 'cid', 21), (5, 'ann', 2), (5, 'dee', NULL);
