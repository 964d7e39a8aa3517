"""Footage as plans: what is to be kept, deleted and believed. Nothing here touches a byte of it."""
