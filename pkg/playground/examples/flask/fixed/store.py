import sqlite3


def find_report(name):
    connection = sqlite3.connect("reports.db")
    return connection.execute("SELECT id, title FROM reports WHERE name = ?", (name,)).fetchall()
