"""Who comes, when, and what was texted."""

from __future__ import annotations

from django.db import models


class Customer(models.Model):
    phone = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=200)

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    uri = models.CharField(max_length=300, unique=True)
    service = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=20, default="booked")

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.uri


class Text(models.Model):
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    body = models.TextField()
    sid = models.CharField(max_length=64, db_index=True)
    status = models.CharField(max_length=20)

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.sid
