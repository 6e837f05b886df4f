import { Controller, Delete, Get, Param, ParseIntPipe, Query, Req, UseGuards } from "@nestjs/common";
import { AuthGuard } from "./auth.guard";
import { TicketsService } from "./tickets.service";

@Controller("tickets")
@UseGuards(AuthGuard)
export class TicketsController {
  constructor(private readonly tickets: TicketsService) {}

  @Get()
  list(@Query("title") title: string) {
    return this.tickets.search(title);
  }

  @Delete(":id")
  remove(@Req() request: { user: { id: number } }, @Param("id", ParseIntPipe) id: number) {
    return this.tickets.remove(request.user.id, id);
  }
}
