import { Injectable } from "@nestjs/common";
import { DataSource } from "typeorm";

@Injectable()
export class TicketsService {
  constructor(private readonly database: DataSource) {}

  search(title: string) {
    return this.database.query("SELECT id, title FROM tickets WHERE title LIKE $1 LIMIT 20", [`%${title}%`]);
  }

  remove(owner: number, id: number) {
    return this.database.query("DELETE FROM tickets WHERE id = $1 AND owner_id = $2", [id, owner]);
  }
}
