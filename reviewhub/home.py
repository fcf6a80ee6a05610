"""My review: everything that waits for this person, by deadline."""

from django.shortcuts import render


def home(request):
    return render(request, "home.html")
