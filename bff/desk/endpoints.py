"""The routes about tickets."""

from bff.desk import attachments, models
from bff.models import Page
from bff.routing import MULTIPART, Export, Route

# Days of the organisation, as the list has them.
_MIDNIGHT = "({0}::date + %s)::timestamp at time zone (select app.setting('time_zone') #>> '{{}}')"

ROUTES: tuple[Route, ...] = (
    Route(method="POST", path="/api/tickets", function="ticket_create", body=models.NewTicket,
          answer=models.TicketState, status=201, takes_key=True, permission="tickets:insert",
          tag="tickets", summary="Open a ticket for a department"),
    Route(method="GET", path="/api/tickets", function="desk_list_tickets", query=models.TicketList,
          filters_as_object=True, answer=models.TicketPage, permission="tickets:select",
          export=Export(view="tickets", order=("created_at desc", "ticket_id desc"), action="export",
                        conditions={
                            "assigned_to": "assigned_to =",
                            "status": "ticket_id <> '' and (inquiry_status = {0} or ticket_status = {0})",
                            "created_from": f"created_at >= {_MIDNIGHT % 0}",
                            "created_to": f"created_at < {_MIDNIGHT % 1}",
                        }),
          tag="tickets", summary="Tickets that the caller sees, newest first; masked for operations"),
    Route(method="GET", path="/api/tickets/{ticket_id}", function="desk_get_ticket",
          path_model=models.TicketPath, answer=models.Ticket, permission="tickets:select",
          tag="tickets", summary="One ticket; masked for operations"),
    Route(method="PATCH", path="/api/tickets/{ticket_id}", function="ticket_update",
          path_model=models.TicketPath, body=models.TicketChange, answer=models.TicketState,
          problems=(404, 409), takes_key=True, permission="tickets:update",
          tag="tickets", summary="Move, assign or edit a ticket"),
    Route(method="GET", path="/api/tickets/{ticket_id}/messages", function="desk_list_messages",
          path_model=models.TicketPath, query=Page, answer=models.MessagePage,
          permission="ticket_messages:select",
          tag="tickets", summary="What people wrote about a ticket, newest first"),
    Route(method="POST", path="/api/tickets/{ticket_id}/messages", function="ticket_post_message",
          path_model=models.TicketPath, body=models.NewMessage, answer=models.MessageAnswer, status=201,
          problems=(404,), takes_key=True, permission="ticket_messages:insert",
          tag="tickets", summary="Write about a ticket"),
    Route(method="POST", path="/api/tickets/{ticket_id}/attachments", handler=attachments.upload,
          calls=attachments.CALLS, path_model=models.TicketPath, body=models.NewAttachment,
          body_type=MULTIPART, max_body=None, answer=models.Attachment, status=201, problems=(404,),
          takes_key=True, permission="ticket_attachments:insert",
          tag="tickets", summary="Add a file to a ticket"),
    Route(method="DELETE", path="/api/tickets/{ticket_id}", function="ticket_delete",
          path_model=models.TicketPath, answer=models.TicketDeleted, permission="tickets:delete",
          tag="tickets", summary="Delete a ticket with all that was written about it"),
    Route(method="DELETE", path="/api/tickets/{ticket_id}/messages/{message_id}",
          function="ticket_delete_message", path_model=models.MessagePath, answer=models.MessageDeleted,
          permission="ticket_messages:delete", tag="tickets", summary="Delete what somebody wrote"),
    Route(method="DELETE", path="/api/tickets/{ticket_id}/attachments/{attachment_id}",
          function="ticket_delete_attachment", path_model=models.AttachmentPath,
          answer=models.AttachmentDeleted, permission="ticket_attachments:delete",
          tag="tickets", summary="Delete a file of a ticket"),
    Route(method="GET", path="/api/sla", function="desk_get_sla", answer=models.Sla,
          permission="sla_targets:select",
          tag="tickets", summary="Working hours and targets"),
    Route(method="POST", path="/api/sla/calendars", function="desk_set_calendar", body=models.NewCalendar,
          answer=models.Calendar, takes_key=True, permission="calendars:update",
          tag="tickets", summary="Make working hours, or change those of the same name"),
    Route(method="POST", path="/api/sla/targets", function="desk_set_sla_target", body=models.NewSlaTarget,
          answer=models.SlaTarget, problems=(404,), takes_key=True, permission="sla_targets:update",
          tag="tickets", summary="Set by when tickets of a type are to be answered and resolved"),
)  # fmt: skip
