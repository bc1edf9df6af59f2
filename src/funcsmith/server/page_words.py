"""The words of the page, in both languages. What the command line says too stands in `cli/words.py`."""

from __future__ import annotations

from ..errors import Language

EXAMPLES: dict[Language, tuple[str, ...]] = {
    "zh": (
        "给定一个正整数 n，输出 n 的阶乘。",
        "把 36.6 摄氏度换成华氏度",
        "2026-01-01 到 2026-03-01 有多少天？",
        "4 人份的菜谱要 350 毫升牛奶，7 个人要多少毫升？",
    ),
    "en": (
        "How many days are there between 2026-01-01 and 2026-03-01?",
        "A recipe needs 350 ml of milk for 4 people. How much milk for 7 people?",
        "Convert 36.6 degrees Celsius to Fahrenheit",
        "What is the average of 3, 8 and 10?",
    ),
}

PAGE_WORDS: dict[str, tuple[str, str]] = {
    # the frame
    "brand": ("Funcsmith", "函匠"),
    "skip": ("Skip to the content", "跳到正文"),
    "menu": ("Main", "主菜单"),
    "ask": ("Compute", "计算"),
    "library": ("Library", "函数库"),
    "history": ("History", "历史"),
    "theme": ("Switch light and dark", "切换明暗"),
    "loading": (
        "The model is still loading. Kept functions already work.",
        "模型仍在加载；已保存的函数现在就能用。",
    ),
    "ready": ("{model} is ready", "{model} 已就绪"),
    "waiting": ("{count} waiting for the model", "{count} 个请求在等模型"),
    "avoided": (
        "{count} answer[s] so far without calling the model",
        "已有 {count} 次不用模型就得出结果",
    ),
    # asking
    "headline": ("What shall we compute?", "想算什么？"),
    "lead": (
        "Say it in a sentence. You get a function, its arguments and the result, with what is known about whether it is right.",
        "说一句话就行。函数、参数、结果都会给出，也会说明凭什么相信它。",
    ),
    "placeholder": (
        "How many days are there between 2026-01-01 and 2026-03-01?",
        "例如：给定一个正整数 n，输出 n 的阶乘。",
    ),
    "text": ("Your sentence", "你的话"),
    "keys": ("Enter computes, Shift+Enter begins a new line.", "按 Enter 计算，Shift+Enter 换行。"),
    "examples": ("Try one of these", "不妨试试"),
    "file": ("Add a CSV or JSON file", "添加 CSV 或 JSON 文件"),
    "file_hint": (
        "or drop it here; in your sentence call it “data”",
        "也可以拖到页面上；在句子里叫它“data”即可",
    ),
    "file_failed": (
        "{name} could not be read. CSV, JSON, JSON Lines and text in UTF-8 are.",
        "读不了 {name}。支持 UTF-8 的 CSV、JSON、JSON Lines 和文本文件。",
    ),
    "file_large": ("{name} has more than 12 MB.", "{name} 超过 12 MB。"),
    "drop": ("Drop the file: it becomes an input", "松开鼠标，文件就作为输入"),
    "remove_input": ("Remove", "移除"),
    "rows": ("{count} rows", "{count} 行"),
    "as": ("as", "用作"),
    # while it is worked on
    "stop": ("Stop", "停止"),
    "stopped": ("Stopped.", "已停止。"),
    "broken_off": (
        "The connection broke off before there was an answer.",
        "还没有结果，连接就断了。",
    ),
    "try_again": ("Is the server still running? Try again.", "请确认服务仍在运行，然后重试。"),
    "working": ("Working", "进行中"),
    "answered": ("The answer is here.", "结果出来了。"),
    "asked": ("A value is missing.", "还缺一个值。"),
    # the outcome
    "outcome": ("Outcome", "结果"),
    "earlier": ("Before", "前文"),
    "result": ("Result", "结果"),
    "arguments": ("Arguments", "参数"),
    "function": ("Function", "函数"),
    "code": ("Code", "代码"),
    "evidence": ("Evidence", "依据"),
    "differs": ("Versions differ", "各版本有分歧"),
    "found": ("Found so far", "已有"),
    "send": ("Answer", "回答"),
    "run_again": ("Run", "运行"),
    "wrong": ("Not what you meant? Set the values right, then:", "不对？改好上面的值，然后："),
    "values_right": ("These values are right", "这些值才对"),
    "other_meant": ("Another function was meant", "要的不是这个函数"),
    "corrected": (
        "Kept to learn from, on this machine (funcsmith data).",
        "已记下，供训练使用，只留在本机（funcsmith data）。",
    ),
    "no_model": ("without the model", "不用模型"),
    "ran": ("Run without the model, in {ms} ms", "未用模型，用时 {ms} 毫秒"),
    "not_run": ("Not run.", "没有运行。"),
    "nothing": ("No value (None)", "没有值（None）"),
    "too_large": (
        "These arguments are too large for a form.",
        "参数太大，不适合放进表单。",
    ),
    "optional": ("optional", "可不填"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "from_text": ("from", "来自"),
    "changed_by_you": ("changed by you", "由您修改"),
    "passes": ("holds", "成立"),
    "fails": ("does not hold", "不成立"),
    "unsure": (
        "Shaded: the model was unsure here",
        "有底色处：模型写到这里没有把握",
    ),
    "unsure_at": ("{percent} % sure", "把握 {percent}%"),
    "line": ("Line {line}", "第 {line} 行"),
    "more_rows": ("and {count} more rows", "另有 {count} 行"),
    "value": ("value", "值"),
    "name": ("name", "名称"),
    "picture": ("A picture that the function drew", "函数画的图"),
    "printed": ("Printed", "打印内容"),
    "cost": ("Cost", "开销"),
    "also": ("Or was it meant like this?", "还是这个意思？"),
    "failed": ("That did not work", "没有成功"),
    # verdicts in one word
    "proven": ("proven", "互证"),
    "tested": ("tested", "例证"),
    "agreed": ("agreed", "一致"),
    "runs": ("runs", "可运行"),
    "unverified": ("unverified", "未验证"),
    # the library
    "library_lead": (
        "Functions kept on this machine. They run without the model.",
        "保存在本机的函数，运行时不用模型。",
    ),
    "search": ("Search", "搜索"),
    "search_hint": ("name, or what it does", "名称，或者它的用途"),
    "none_found": ("Nothing fits.", "没有合适的函数。"),
    "library_empty": (
        "Nothing is kept yet. Compute something: what works is kept.",
        "还没有函数。去算点什么，能用的函数会自动保存。",
    ),
    "texts": ("Answers", "能回答"),
    "edit": ("Change it by a sentence", "用一句话修改"),
    "edit_hint": ("also accept a discount in percent", "例如：改成含税，税率作为参数"),
    "edit_do": ("Change", "修改"),
    "edit_saved": ("Changed and saved.", "已修改并保存。"),
    "edit_not_saved": (
        "Not saved: these examples held before and no longer do.",
        "未保存：下面的例子原先成立，现在不成立。",
    ),
    "edit_effects": ("What it does otherwise now", "结果的变化"),
    "edit_same": ("No difference was written.", "没有写出任何改动。"),
    "on_purpose": ("It is meant so: save it", "就要这样，保存"),
    "call": ("call", "调用"),
    "was": ("before", "原来"),
    "now": ("now", "现在"),
    "kept_facts": ("{count} example[s] hold as before", "{count} 个例子照旧成立"),
    "show_new": ("Show the function as it is now", "查看修改后的函数"),
    "diff": ("Difference", "改动"),
    "versions": ("Versions", "历史版本"),
    "by_hand": ("Edit the code by hand", "手工修改代码"),
    "editor_keys": (
        "Tab indents, Shift+Tab takes it back; Esc, then Tab leaves the field. Ctrl+Enter saves.",
        "Tab 缩进，Shift+Tab 取消缩进；先按 Esc 再按 Tab 离开编辑框。Ctrl+Enter 保存。",
    ),
    "code_save": ("Save the code", "保存代码"),
    "code_save_hint": ("its examples are run again", "会重新运行它的例子"),
    "code_saved": ("Saved as a version of its own.", "已保存为新版本。"),
    "examples_fail": ("Examples that do not hold: {count}", "不成立的例子：{count} 个"),
    "check_refuses": (
        "The check objects to this. It is kept, and the fence stops what it may not do:",
        "检查对此有异议。代码已保留，运行时隔离会拦住不允许的操作：",
    ),
    "not_editable": (
        "The code has characters that a page cannot show as they are: edit its file.",
        "代码里有页面无法原样显示的字符：请直接修改它的文件。",
    ),
    "cause_saved": ("saved", "保存"),
    "cause_edited": ("edited by hand", "手工修改"),
    "cause_rollback": ("back to version", "退回到版本"),
    "cause_restored": ("brought back as version", "恢复为版本"),
    "diff_to_now": ("What has changed since", "此后的改动"),
    "go_back": ("Go back to version {number}", "退回到版本 {number}"),
    "go_back_sure": (
        "Go back to version {number}? What is there now stays a version.",
        "退回到版本 {number}？现在的内容仍会保留为一个版本。",
    ),
    "went_back": ("This is version {number} again.", "已退回到版本 {number}。"),
    "remove": ("Remove", "删除"),
    "remove_sure": (
        "Take {name} out of the library? Its file is set aside.",
        "把 {name} 移出函数库？它的文件会另存。",
    ),
    "problem": ("Cannot be used", "无法使用"),
    "granted": ("Granted", "已授权"),
    "back": ("Library", "函数库"),
    # a function over the rows of a file
    "over_rows": ("Run it on a whole file", "用于整个文件"),
    "choose_file": ("Choose a CSV or JSON Lines file", "选择 CSV 或 JSON Lines 文件"),
    "choose_file_hint": (
        "or drop it here; every row gets its result",
        "也可以拖到页面上；每一行都会得到结果",
    ),
    "drop_rows": ("Drop the file: the function runs on its rows", "松开鼠标，逐行运行这个函数"),
    "first_rows": ("First rows", "开头几行"),
    "which_column": ("Which column is what?", "哪一列是哪个参数？"),
    "no_column": ("(left out)", "（不填）"),
    "one_value": ("(one value for all rows)", "（所有行用同一个值）"),
    "value_of": ("The value of {name} for all rows", "所有行的 {name} 值"),
    "rows_do": ("Run on all rows", "运行所有行"),
    "rows_done": ("{count:,} row[s] done", "已完成 {count:,} 行"),
    "rows_failed": (", {count:,} with an error", "，其中 {count:,} 行有错误"),
    "rows_with_errors": ("Rows with an error", "有错误的行"),
    "rows_of": ("{shown} of {all:,}", "{all:,} 行中的 {shown} 行"),
    "row_number": ("Row", "行"),
    "rows_broken_off": (
        "The connection broke off before all rows were done.",
        "还没有做完所有行，连接就断了。",
    ),
    "fetch_result": ("Download {name}", "下载 {name}"),
    "result_kept": (
        "The server removes it with your file once you have it, at the latest after {minutes} minutes.",
        "下载后，服务器会把它连同您的文件一起删除，最迟在 {minutes} 分钟后。",
    ),
    # history
    "history_lead": ("The latest texts, newest first.", "最近的文本，新的在前。"),
    "history_empty": ("Nothing has been asked yet.", "还没有提问过。"),
    "run_gone": (
        "Nothing more is kept of this run.",
        "这次运行没有留下更多内容。",
    ),
    "fetching": ("Loading …", "加载中……"),
    "kind_function": ("function", "函数"),
    "kind_parameters": ("known function", "已有函数"),
    "kind_ask": ("asked back", "反问"),
    "kind_none": ("nothing to compute", "无需计算"),
    # keys
    "key_wanted": ("This server wants a key.", "此服务需要密钥。"),
    "key": ("Key", "密钥"),
    "key_hint": (
        "Kept in this tab only, until you close it.",
        "只保存在当前标签页，关闭即失效。",
    ),
    "key_use": ("Use it", "使用"),
}


def page_say(language: Language, key: str, **values: object) -> str:
    """One entry of the table, filled in; `[s]` is the plural of `count`."""
    words = PAGE_WORDS[key][language == "zh"]
    if not values:
        return words
    return words.replace("[s]", "" if values.get("count") == 1 else "s").format(**values)
