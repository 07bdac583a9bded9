"""Puts ARO's own admin site in the place of Django's default one."""

from django.contrib.admin.apps import SimpleAdminConfig


class FrontDeskConfig(SimpleAdminConfig):
    """The lists register where the addresses are made (`config.urls`): only who serves pages loads them."""

    default_site = "config.admin_site.FrontDesk"
