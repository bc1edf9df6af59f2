"""The words of the command line, in both languages; the text's own language decides."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from ..errors import Language
from .visible import has_cjk

WORDS: dict[str, tuple[str, str]] = {
    # the server
    "serving": ("Serving on {url}   (Ctrl-C ends it)", "服务地址：{url}   （Ctrl-C 结束）"),
    "key_once": (
        "This key is shown only now. Send it as: Authorization: Bearer fs_…",
        "密钥只显示这一次。使用时发送：Authorization: Bearer fs_…",
    ),
    # stages
    "model": ("model", "模型"),
    "detect": ("detect", "判别"),
    "generate": ("generate", "编写"),
    "verify": ("verify", "验证"),
    "execute": ("execute", "执行"),
    "save": ("save", "保存"),
    # what a part of the outcome is called
    "text": ("text", "文本"),
    "function": ("function", "函数"),
    "arguments": ("arguments", "参数"),
    "call": ("call", "调用"),
    "evidence": ("evidence", "依据"),
    "counterexample": ("doubt", "反例"),
    "printed": ("printed", "输出"),
    "result": ("result", "结果"),
    "question": ("question", "问题"),
    "found": ("found", "已有"),
    "missing": ("missing", "缺少"),
    "reading": ("or", "另解"),
    "stdout": ("printed", "输出"),
    # where a function and its arguments come from
    "generated": ("written now", "新写的"),
    "library": ("from the library", "取自函数库"),
    "given": ("given", "已给出"),
    "from_text": ("“{words}”", "“{words}”"),
    "from_inputs": ("input {name}", "输入 {name}"),
    "from_default": ("default", "默认值"),
    "from_previous": ("earlier in this conversation", "来自前文"),
    "from_sample": ("made-up sample", "自拟示例"),
    # verdicts
    "proven": (
        "proven: passes {examples}, and an independently written version agrees{inputs}",
        "互证：通过{examples}，且独立写出的另一版本{inputs}结果一致",
    ),
    "tested": (
        "tested: passes {examples}; nothing beyond them was compared",
        "例证：通过{examples}；此外没有比较过",
    ),
    "agreed": (
        "agreed: no example given; {versions} agree{inputs} (they may share a mistake)",
        "一致：没有给出例子；{versions}{inputs}结果相同（可能犯同样的错）",
    ),
    "runs": (
        "runs: it ran without error; whether the value is right was not checked",
        "可运行：运行没有出错；结果是否正确没有验证",
    ),
    "unverified": (
        "unverified: nothing is known about whether it is right",
        "未验证：是否正确尚无依据",
    ),
    "examples": ("{count} given example[s]", "所给的 {count} 个例子"),
    "examples_all": ("the given examples", "所给的例子"),
    "versions": ("{count} independently written versions", "{count} 个独立写出的版本"),
    "versions_some": ("independently written versions", "独立写出的版本"),
    "inputs": (" on {count} generated input[s]", "在生成的 {count} 组输入上"),
    "inputs_some": (" on generated inputs", "在生成的输入上"),
    "counterexamples": (
        "{count} input[s] on which versions differ",
        "有 {count} 组输入上各版本结果不同",
    ),
    # how a run ended
    "error": ("the code failed: {error}", "代码出错：{error}"),
    "timeout": ("stopped: out of time{error}", "已停止：超时{error}"),
    "memory": ("stopped: out of memory{error}", "已停止：内存超限{error}"),
    "output": ("stopped: too much output{error}", "已停止：输出过多{error}"),
    "forbidden": ("not allowed: {error}", "不允许：{error}"),
    "killed": ("the process ended: {error}", "进程被终止：{error}"),
    "not_run": ("not run{error}", "没有运行{error}"),
    # outcomes without a result
    "none": (
        "There is nothing to compute in this text.",
        "这段文本里没有要计算的内容。",
    ),
    "none_hint": (
        "Say what you want computed, for example: the days between 2026-01-01 and 2026-03-01",
        "说出要计算什么就行，例如：2026-01-01 到 2026-03-01 有多少天",
    ),
    "ask_hint": (
        "Say it again with the missing value; in a conversation (funcsmith) just answer.",
        "请带上缺少的值再说一次；在对话中（运行 funcsmith）直接回答即可。",
    ),
    "written_only": ("written, not run (mode function)", "只编写，不运行（mode function）"),
    "filled_only": ("filled, not run (mode parameters)", "只填参数，不运行（mode parameters）"),
    "cut": ("… {count} more characters; --json has all of it", "… 还有 {count} 个字符；--json 可看全部"),
    "empty": ("Nothing here yet.", "这里还没有内容。"),
    # grants
    "granted": ("granted: {lines}", "已授权：{lines}"),
    "nothing_granted": (
        "Nothing is granted: it computes, and that is all.",
        "没有任何授权：只能计算。",
    ),
    "lapsed": (
        "lapsed, since the function or the home is another: grant again what it needs",
        "已失效（函数被修改过，或授权来自别处）：请重新授权",
    ),
    "read": ("read {what}", "读取 {what}"),
    "network": ("network {what}", "网络 {what}"),
    "package": ("package {what}", "包 {what}"),
    # functions in and out
    "trusted": (
        "trusted: where it is imported it runs without the fence, as it is now",
        "已信任：导入后不经隔离直接运行（仅限现在的源码）",
    ),
    "fenced_again": ("no longer trusted: it runs in the fence", "已取消信任：在隔离中运行"),
    "corrected": (
        "corrected: kept to learn from, on this machine (funcsmith data)",
        "已更正：已记下供训练使用，只留在本机（funcsmith data）",
    ),
    "taken_from": ("taken from {what}", "取自 {what}"),
    "left_out": ("left out", "未添加"),
    "count": ("count", "数量"),
    "names": ("names", "名称"),
    "openai_names": (
        ("OpenAI takes letters, digits, _ and - as names; other servers take these as well: {names} "
        "(another name: funcsmith library alias NAME OTHER)"),
        ("OpenAI 只接受字母、数字、_ 和 - 组成的名称，其他服务器也接受这些名称：{names}"
        "（起别名：funcsmith library alias 名称 别名）"),
    ),
    # the last line
    "on_purpose": (
        "Not saved: examples that held before no longer do. On purpose? --on-purpose",
        "未保存：有原先成立的例子不再成立。若是有意为之，请加 --on-purpose",
    ),
    "held": ("{count} fact[s] as before", "{count} 条依据不变"),
    # versions and verification
    "version_saved": ("saved", "保存"),
    "version_edited": ("edited by hand", "手工修改"),
    "version_rollback": ("rollback to {of}", "回退到 {of}"),
    "version_restored": ("brought back as {of}", "从版本 {of} 恢复"),
    "no_difference": ("No difference.", "没有差异。"),
    "edited": (
        "Edited by hand since it was verified: funcsmith library verify",
        "验证之后被手工修改过：funcsmith library verify",
    ),
    "differing": ("{count} now different", "{count} 条已不成立"),
    "skipped": ("{count} cannot be run again", "{count} 条无法重跑"),
    "no_facts": ("no evidence", "没有依据"),
    "since_never": ("first time", "首次验证"),
    "since_source": ("its source", "源码有改动"),
    "verify_holds": ("{count} holding", "{count} 个仍成立"),
    "verify_differs": ("{count} no longer holding", "{count} 个已不成立"),
    "verify_broken": ("{count} broken", "{count} 个文件损坏"),
    "verify_unchecked": ("{count} without evidence to run", "{count} 个没有可重跑的依据"),
    "verify_unchanged": ("{count} unchanged", "{count} 个没有变化"),
    "rebuilt": (
        "{count} function[s] indexed in {seconds} s",
        "已为 {count} 个函数重建索引，用时 {seconds} 秒",
    ),
    "no_model": ("no model used", "没有使用模型"),
    "model_calls": ("{count} model call[s]", "调用模型 {count} 次"),
    "no_better": ("no better, not kept", "并不更好，未采用"),
    "failed": ("failed, not kept", "失败，未采用"),
    "avoided": ("{count} avoided", "省去 {count} 次"),
    "tokens": ("{prompt}+{generated} tokens", "令牌 {prompt}+{generated}"),
    "isolation": ("fence: {kind}", "隔离：{kind}"),
    "seconds": ("{name} {seconds} s", "{name} {seconds} 秒"),
    # the library: what is the same, what calls what, what was counted
    "duplicate": (
        "the same on {inputs} inputs, {distinct} different results",
        "在 {inputs} 组输入上结果相同，其中不同结果 {distinct} 种",
    ),
    "no_duplicates": ("No two functions do the same.", "没有行为相同的函数。"),
    "compared": ("{done} of {all} looked at", "已查看 {done} / {all}"),
    "uses": ("calls", "调用"),
    "used_by": ("called by", "被调用于"),
    "no_graph": ("No function calls another.", "没有函数调用其他函数。"),
    "count_functions": ("functions", "函数"),
    "count_broken": ("broken files", "损坏的文件"),
    "count_texts": ("texts", "文本"),
    "count_runs": ("runs", "运行次数"),
    "count_model_calls_avoided": ("model calls avoided", "省去的模型调用"),
    "same_behaviour": (
        "the {name} that was written now does the same, so this one was kept",
        "新写的 {name} 与它行为相同，因此保留已存的这个",
    ),
    # conversation
    "welcome": (
        "Say what you want computed, in Chinese or English. /help for help.",
        "说出要计算什么，中文英文都可以。/help 查看帮助。",
    ),
    "help": (
        ("Each text is computed by itself; a question is answered by the next text.\n"
        "/new   forget the open question\n"
        "/help  this help\n"
        "/quit  leave (also Ctrl-D, or Ctrl-C twice); Ctrl-C stops the current text"),
        ("每段文本单独计算；有提问时，下一段文本就是回答。\n"
        "/new   放弃未回答的问题\n"
        "/help  显示本帮助\n"
        "/quit  离开（也可按 Ctrl-D，或按两次 Ctrl-C）；Ctrl-C 停止当前文本"),
    ),
    "again_to_leave": ("Ctrl-C again leaves.", "再按一次 Ctrl-C 离开。"),
    "stopped": ("Stopped.", "已停止。"),
    "forgotten": ("The question is forgotten.", "已放弃该问题。"),
    # a function over rows
    "apply_rows": ("{rows} rows, {rate}/s", "{rows} 行，每秒 {rate} 行"),
    "apply_failed": ("{count} row[s] with an error", "有错误的行：{count}"),
    "apply_done": ("{rows} rows, column “{result}”: {out}", "共 {rows} 行，结果列 «{result}»：{out}"),
    "apply_before": ("{rows} of them by an earlier run", "其中 {rows} 行由先前的运行完成"),
    "apply_stopped": (
        "Stopped after {rows} rows; the same command goes on.",
        "已停止，完成 {rows} 行；再次运行同一命令即可继续。",
    ),
    # tables
    "column_key": ("group", "分组"),
    "column_value": ("value", "值"),
    "more_rows": (
        "… {count} more rows; --out FILE has all of them",
        "… 还有 {count} 行；用 --out 文件 可写出全部",
    ),
    "more_columns": ("… {count} more columns", "… 还有 {count} 列"),
    "written_to": ("written to {path}", "已写入 {path}"),
    "notes": ("files", "文件"),
    # standard input
    "waiting": (
        "waiting for the input `data` on standard input (none? add < /dev/null)",
        "正在等待标准输入中的 data（没有的话请加 < /dev/null）",
    ),
    "idle": (
        "nothing came on standard input; going on without it",
        "标准输入没有内容，继续执行",
    ),
    # ask
    "how": ("how", "算法"),
    "also": ("you could also ask", "还可以问"),
    "also_hint": ("--with-answers answers these too.", "加上 --with-answers 可一并回答。"),
    "rows": ("all {count} rows: --json", "全部 {count} 行：--json"),
    # lock
    "lock_missing": ("missing", "缺失"),
    "lock_stale": ("stale", "过期"),
    "lock_altered": ("altered", "被改动"),
    "lock_below": ("too weak", "依据不足"),
    "lock_failing": ("failing", "不再成立"),
    "lock_unused": ("unused", "已无声明"),
    "lock_refused": ("refused", "不能装饰"),
    "lock_locked": ("locked", "已锁定"),
    "lock_removed": ("removed", "已移除"),
    "lock_state": ("state", "状态"),
    "lock_where": ("where", "位置"),
    "lock_why": ("why", "说明"),
    "lock_writing": ("{name} ({place} of {count})", "{name}（第 {place} 个，共 {count} 个）"),
    "lock_no_longer": ("nothing declares it", "没有函数声明它"),
    "lock_fine": (
        "{count} function[s] locked, evidence run again, nothing to do.",
        "{count} 个函数均已锁定，依据重新运行无误。",
    ),
    "lock_nothing": (
        "No function is decorated with @funcsmith.smith here.",
        "这里没有用 @funcsmith.smith 装饰的函数。",
    ),
    "lock_run": ("Then: funcsmith lock, and commit what it writes.", "请运行 funcsmith lock 并提交结果。"),
    "lock_best": ("the best version, not locked:", "最好的版本（未锁定）："),
    # errors
    "hint": ("hint: ", "提示："),
    "error_head": ("error: ", "错误："),
}  # fmt: skip


def say(language: Language, key: str, **values: object) -> str:
    """One entry of the table, filled in; `[s]` is the plural of `count`."""
    words = WORDS[key][language == "zh"]
    if not values:
        return words
    return words.replace("[s]", "" if values.get("count") == 1 else "s").format(**values)


def grants(language: Language, lines: Sequence[str]) -> str:
    """Grants, as `Grants.lines` has them, in the language of whoever reads."""
    said = [line.partition(" ") for line in lines]
    return ("；" if language == "zh" else "; ").join(
        say(language, kind, what=what) for kind, _, what in said
    )


def language_of(text: str) -> Language:
    """The language to answer a text in: a Chinese character decides, letters come next."""
    if has_cjk(text):
        return "zh"
    return "en" if re.search("[A-Za-z]", text) else locale_language()


def error_language(text: str) -> Language:
    """The language of an error: Chinese for a Chinese text, else the locale's."""
    return "zh" if has_cjk(text) else locale_language()


def locale_language() -> Language:
    """What the environment says."""
    if sys.platform == "win32" and not any(map(os.environ.get, _LOCALE)):
        import ctypes

        # The low ten bits name the language; 4 is Chinese.
        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 4 else "en"
    said = next(filter(None, map(os.environ.get, _LOCALE)), "")
    return "zh" if said.lower().startswith("zh") else "en"


_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
