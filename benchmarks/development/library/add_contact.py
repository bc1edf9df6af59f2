# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def add_contact(name: str, phone: str, birthday: str | None = None) -> dict[str, str]:
    """添加联系人。

    name: 姓名
    phone: 电话号码
    birthday: 生日，MM-DD
    """
    return {"name": name, "phone": phone, "birthday": birthday or ""}
