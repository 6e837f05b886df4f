import { Controller, Delete, Get, Param, Query, UseGuards } from "@nestjs/common";
import { AuthGuard } from "./auth.guard";
import { TicketsService } from "./tickets.service";

@Controller("tickets")
export class TicketsController {
  constructor(private readonly tickets: TicketsService) {}

  @Get()
  @UseGuards(AuthGuard)
  list(@Query("title") title: string) {
    return this.tickets.search(title);
  }

  @Delete(":id")
  remove(@Param("id") id: string) {
    return this.tickets.remove(id);
  }
}
