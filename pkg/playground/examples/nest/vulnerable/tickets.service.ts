import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";

@Injectable()
export class TicketsService {
  constructor(private readonly database: DataSource) {}

  search(title: string) {
    return this.database.query(`SELECT id, title FROM tickets WHERE title LIKE '%${title}%' LIMIT 20`);
  }

  remove(id: string) {
    return this.database.query("DELETE FROM tickets WHERE id = $1", [id]);
  }
}
