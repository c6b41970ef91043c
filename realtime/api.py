from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.guards import IsSignedIn
from core.principal import Principal
from realtime import groups, reading


class EventListView(APIView):
    """GET: what a client without a socket has not heard since the event it names."""

    permission_classes = [IsSignedIn]

    @extend_schema(
        parameters=[OpenApiParameter("since", str, required=True, description="user:456:57")],
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        audience, after = self._since(request)
        until = reading.newest([audience])[audience]
        try:
            events = reading.between(audience, after, max(after, until))
        except reading.ResyncRequired:
            return Response({"events": [], "resync_required": True})
        frames = [frame for event in events for frame in event.frames(compatible=False)]
        return Response({"events": frames, "resync_required": False})

    def _since(self, request: Request) -> tuple[str, int]:
        try:
            audience, after = reading.parse_id(request.query_params.get("since", ""))
        except ValueError as error:
            raise ValidationError({"since": _("An event id looks like user:456:57.")}) from error
        caller = request.auth
        assert isinstance(caller, Principal)  # the guard has made sure
        own = groups.of(caller.without_unproven_rights())
        if audience not in own or not 0 <= after < reading.MAX_SEQ:
            raise ValidationError({"since": _("This event is not yours.")})
        return audience, after
