"""The routes about members. Three record modules share functions; what tells them apart is the path."""

from collections.abc import Iterator

from bff.members import models, normal, work_models
from bff.members.uploads import UPLOAD_CALLS, upload_to
from bff.routing import MULTIPART, Route


def _database_routes(prefix: str, module: str) -> Iterator[Route]:
    """Lists of members, of any record module, under `prefix`."""
    fixed = {"module": module}
    tag = "members"
    yield Route(
        method="GET",
        path=prefix,
        function="members_list_databases",
        fixed=fixed,
        query=models.DatabaseList,
        answer=models.DatabasePage,
        permission="databases:select",
        tag=tag,
        summary="Databases with how many of their records are in which state, newest first",
    )
    yield Route(
        method="GET",
        path=prefix + "/{database_id}",
        function="members_get_database",
        fixed=fixed,
        path_model=models.DatabasePath,
        answer=models.Database,
        permission="databases:select",
        tag=tag,
        summary="One database with its counts",
    )
    yield Route(
        method="GET",
        path=prefix + "/{database_id}/records",
        function="members_list_records",
        fixed=fixed,
        path_model=models.DatabasePath,
        query=models.RecordList,
        answer=models.RecordPage,
        permission="records:select",
        tag=tag,
        summary="Its records that the caller may see, in the order of the file",
    )
    yield Route(
        method="GET",
        path=prefix + "/{database_id}/health",
        function="members_database_health",
        fixed=fixed,
        path_model=models.DatabasePath,
        answer=models.DatabaseHealth,
        permission="data_sync:select",
        tag=tag,
        summary="Its kept numbers beside those counted anew, and whether all of it fits",
    )
    yield Route(
        method="DELETE",
        path=prefix + "/{database_id}",
        function="members_delete_database",
        fixed=fixed,
        path_model=models.DatabasePath,
        answer=models.DatabaseDeleted,
        permission="databases:delete",
        tag=tag,
        summary="Delete a database with its records and batches",
    )


def _card_routes(prefix: str, module: str) -> Iterator[Route]:
    """How records come in and are handed out as cards, under `prefix`."""
    fixed = {"module": module}
    tag = "members"
    yield Route(
        method="POST",
        path=prefix + "/upload",
        handler=upload_to(module),
        calls=UPLOAD_CALLS,
        body=models.NewUpload,
        body_type=MULTIPART,
        max_body=None,
        answer=models.Upload,
        status=201,
        other_statuses=(200,),
        problems=(404,),
        takes_key=True,
        permission="imports.member_records:insert",
        tag=tag,
        summary="Upload a file of members as a new database; 200 if it was uploaded before",
    )
    yield Route(
        method="POST",
        path=prefix + "/assign-random",
        function="members_assign_random",
        fixed=fixed,
        body=work_models.AssignRandom,
        answer=work_models.Assigned,
        problems=(404,),
        takes_key=True,
        permission="records:assign",
        tag=tag,
        summary="Hand a number of random records to a staff: all of them or none",
    )
    yield Route(
        method="POST",
        path=prefix + "/assign",
        function="members_assign_records",
        fixed=fixed,
        body=work_models.AssignRecords,
        answer=work_models.RecordsAssigned,
        problems=(404,),
        takes_key=True,
        permission="records:assign",
        tag=tag,
        summary="Hand chosen records to a staff; reserved ones are left out and named",
    )
    yield Route(
        method="GET",
        path=prefix + "/staff/batches",
        function="members_staff_batches",
        fixed=fixed,
        query=work_models.CardList,
        answer=work_models.CardPage,
        permission="records:validate",
        tag=tag,
        summary="One's own cards with their records and counts of now, newest first",
    )


def _record_routes(prefix: str, module: str) -> Iterator[Route]:
    """What is done with records that somebody has, under `prefix`."""
    fixed = {"module": module}
    tag = "members"
    yield Route(
        method="GET",
        path=prefix + "/staff/records",
        function="members_staff_records",
        fixed=fixed,
        query=work_models.StaffRecordList,
        answer=work_models.StaffRecordPage,
        permission="records:validate",
        tag=tag,
        summary="One's own records, whatever card they are on, newest first",
    )
    yield Route(
        method="POST",
        path=prefix + "/staff/validate",
        function="members_validate",
        fixed=fixed,
        body=work_models.Validate,
        answer=work_models.Validated,
        problems=(404,),
        takes_key=True,
        permission="records:validate",
        tag=tag,
        summary="Mark one's own records valid or invalid; invalid ones may be replaced at once",
    )
    yield Route(
        method="POST",
        path=prefix + "/admin/process-invalid/{staff_id}",
        function="members_process_invalid",
        fixed=fixed,
        path_model=work_models.StaffPath,
        body=work_models.ProcessInvalid,
        answer=work_models.InvalidProcessed,
        takes_key=True,
        permission="records:assign",
        tag=tag,
        summary="Archive a staff's invalid records, and replace each in its own batch",
    )
    yield Route(
        method="GET",
        path=prefix + "/admin/invalid",
        function="members_invalid_overview",
        fixed=fixed,
        query=work_models.OneProduct,
        answer=work_models.InvalidOverview,
        permission="records:assign",
        tag=tag,
        summary="How many invalid records wait, by staff",
    )
    yield Route(
        method="GET",
        path=prefix + "/admin/invalid/{staff_id}",
        function="members_invalid_records",
        fixed=fixed,
        path_model=work_models.StaffPath,
        query=work_models.InvalidList,
        answer=models.RecordPage,
        permission="records:assign",
        tag=tag,
        summary="The invalid records of one staff",
    )
    yield Route(
        method="POST",
        path=prefix + "/admin/recall",
        function="members_recall",
        fixed=fixed,
        body=work_models.RecordSelection,
        answer=work_models.Recalled,
        problems=(404,),
        takes_key=True,
        permission="records:assign",
        tag=tag,
        summary="Take records back",
    )
    yield Route(
        method="POST",
        path=prefix + "/admin/dismiss-alerts",
        function="members_dismiss_alerts",
        fixed=fixed,
        answer=work_models.Dismissed,
        permission="records:assign",
        tag=tag,
        summary="Dismiss open alerts, and marks on records that nobody has any more",
    )
    yield Route(
        method="GET",
        path=prefix + "/admin/archived",
        function="members_list_archived",
        fixed=fixed,
        query=work_models.ArchivedList,
        answer=work_models.ArchivedPage,
        permission="records:assign",
        tag=tag,
        summary="Archived records, newest first",
    )
    yield Route(
        method="POST",
        path=prefix + "/admin/archived/restore",
        function="members_restore",
        fixed=fixed,
        body=work_models.RecordSelection,
        answer=work_models.Restored,
        problems=(404,),
        takes_key=True,
        permission="records:assign",
        tag=tag,
        summary="Make archived records available again",
    )
    yield Route(
        method="POST",
        path=prefix + "/admin/archived/delete",
        function="members_delete_archived",
        fixed=fixed,
        body=work_models.RecordSelection,
        answer=work_models.ArchivedDeleted,
        problems=(404,),
        takes_key=True,
        permission="records:delete",
        tag=tag,
        summary="Delete archived records for good",
    )
    yield Route(
        method="GET",
        path=prefix + "/admin/settings",
        function="members_get_settings",
        fixed=fixed,
        answer=work_models.ReplaceSettingsAnswer,
        permission="member_settings:select",
        tag=tag,
        summary="Whether and how often invalid records are replaced at once",
    )
    yield Route(
        method="PUT",
        path=prefix + "/admin/settings",
        function="members_set_settings",
        fixed=fixed,
        body=work_models.ReplaceSettings,
        answer=work_models.ReplaceSettingsAnswer,
        permission="member_settings:update",
        tag=tag,
        summary="Change these settings; what is left out stays",
    )


ROUTES: tuple[Route, ...] = (
    Route(method="GET", path="/api/products", function="members_list_products", answer=models.Products,
          permission="products:select", tag="members", summary="All products, by name"),
    Route(method="POST", path="/api/products", function="members_create_product", body=models.NewProduct,
          answer=models.Product, status=201, takes_key=True, permission="products:insert",
          tag="members", summary="Add a product"),
    Route(method="DELETE", path="/api/products/{product_id}", function="members_delete_product",
          path_model=models.ProductPath, answer=models.ProductDeleted, permission="products:delete",
          tag="members", summary="Delete a product that nothing refers to"),
    *_database_routes("/api/databases", "normal"),
    *_record_routes("/api/databases", "normal"),
    *normal.ROUTES,
    *_database_routes("/api/memberwd/databases", "member_wd"),
    *_card_routes("/api/memberwd", "member_wd"),
    *_record_routes("/api/memberwd", "member_wd"),
    Route(method="PATCH", path="/api/memberwd/staff/batches/{batch_id}", function="members_rename_batch",
          fixed={"module": "member_wd"}, path_model=work_models.BatchPath, body=work_models.BatchName,
          answer=work_models.BatchNamed, permission="batches:rename",
          tag="members", summary="Give one's own card a name"),
    *_database_routes("/api/bonanza/databases", "bonanza"),
    *_card_routes("/api/bonanza", "bonanza"),
    *_record_routes("/api/bonanza", "bonanza"),
)  # fmt: skip
