"""Checked tables for people: each finding with its cell, its code and a sentence."""

from typing import Any

import click

from verify_service.photos.model import PhotoSummary
from verify_service.tables.model import Issue, Summary, Table, TableReport


def print_report(report: TableReport[Any], table: Table, photos: PhotoSummary | None = None) -> None:
    """Print every finding, a line each; rows without any are not listed."""
    for row in report.rows:
        for error in row.errors:
            click.echo(_line(row.row, error, "错误"))
        for warning in row.warnings:
            click.echo(_line(row.row, warning, "提示"))
    if any(error.code == "UNKNOWN_PARTNER" for row in report.rows for error in row.errors):
        click.echo("合作机构尚未登记：核对名称无误后，加 --create-partners 重新导入即可登记。")
    if table.unknown_columns:
        click.echo("未识别的列（未导入）：" + "、".join(table.unknown_columns))
    if photos is not None:
        _print_photos(photos)


def counts_line(summary: Summary, **counts: int) -> str:
    """Return one line of totals."""
    words = {"imported": "导入或更新", "unchanged": "无变化"}
    parts = [f"共 {summary.rows} 行", f"合格 {summary.accepted}", f"有误 {summary.rejected}"]
    return "，".join(parts + [f"{words[name]} {count}" for name, count in counts.items()])


def _print_photos(photos: PhotoSummary) -> None:
    click.echo(f"照片：匹配 {photos.matched} 张")
    if not photos.matched:
        click.echo("没有一张照片与名单相符：请确认压缩包是这份名单的。")
    if photos.missing:
        click.echo("缺照片的条目：" + "、".join(str(row) for row in photos.missing))
    for file in photos.unexpected:
        click.echo(f"未使用的文件：{file}")


def _line(row: int, issue: Issue, word: str) -> str:
    return f"第 {row} 条 {issue.cell} {word} {issue.code}：{issue.message}"
