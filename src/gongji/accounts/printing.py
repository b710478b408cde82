"""Statements as people and offices want them: Chinese text, CSV for a spreadsheet, and XLSX."""

import csv
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter

from gongji.accounts.statement import KINDS
from gongji.accounts.values import CHINA, FamilyStatement, Statement
from gongji.base.money import format_yuan
from gongji.members.models_words import FAMILY_RELATION

