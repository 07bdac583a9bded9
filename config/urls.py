"""Every route of the product, on one page."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

admin.autodiscover()
urlpatterns = [
    path("", RedirectView.as_view(url="/admin/"), name="home"),
    path("admin/", admin.site.urls),
    path("", include("aro.urls")),
    path("", include("integrations.urls")),
]
handler400 = "aro.watch.http.bad_request"
handler403 = "aro.watch.http.permission_denied"
handler404 = "aro.watch.http.not_found"
handler500 = "aro.watch.http.server_error"
