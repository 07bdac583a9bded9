"""The one place that chooses the admin's look: unfold when it is installed, else Django's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import forms
from django.forms import widgets

if TYPE_CHECKING:
    AdminSite = admin.AdminSite
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    PersonForm = forms.UserChangeForm[Any]
    PersonAddForm = forms.AdminUserCreationForm[Any]
    PasswordForm = forms.AdminPasswordChangeForm[Any]
    Choose = widgets.Select
    Line = widgets.TextInput
elif apps.is_installed("unfold"):
    from unfold.admin import ModelAdmin, TabularInline
    from unfold.forms import AdminPasswordChangeForm as PasswordForm
    from unfold.forms import UserChangeForm as PersonForm
    from unfold.forms import UserCreationForm as PersonAddForm
    from unfold.sites import UnfoldAdminSite as AdminSite
    from unfold.widgets import UnfoldAdminSelectWidget as Choose
    from unfold.widgets import UnfoldAdminTextInputWidget as Line
else:
    from django.contrib.admin import AdminSite, ModelAdmin, TabularInline
    from django.contrib.auth.forms import AdminPasswordChangeForm as PasswordForm
    from django.contrib.auth.forms import AdminUserCreationForm as PersonAddForm
    from django.contrib.auth.forms import UserChangeForm as PersonForm
    from django.forms.widgets import Select as Choose
    from django.forms.widgets import TextInput as Line

__all__ = ["AdminSite", "Choose", "Line", "ModelAdmin", "PasswordForm", "PersonAddForm", "PersonForm", "TabularInline"]
