"""The people and units of the two told cases, by the names the features use."""

from __future__ import annotations

PASSWORD = "shaodao-demo"

STAFF = {
    "李珊": "lishan",
    "社区": "wangfang",
    "街道": "liuwei",
    "石秀英": "shixiuying",
    "景苑网格员": "zhaowenbin",
    "丁雪梅": "dingxuemei",
    "何静": "hejing",
    "马春兰": "machunlan",
    "区指挥中心": "zhoumin",
    "肖兰": "xiaolan",
    "白雪": "baixue",
    "杨根娣": "yanggendi",
    "姜维东": "jiangweidong",
    "李利": "lili",
    "丁香": "dingxiang",
    "洪北值班": "liuyang",
    "洪北街道": "zhanghao",
    "志愿者": "wuzhengping",
    "葛艳霞": "geyanxia",
    "邹丽娟": "zoulijuan",
    "喻振华": "yuzhenhua",
    "苏红梅": "suhongmei",
    "潘广林": "panguanglin",
    "朱秋菊": "zhuqiuju",
    "尚文静": "shangwenjing",
    "孙思雨": "sunsiyu",
    "李长青": "lichangqing",
    "欣乐社区": "zhoushumin",
    "清和社区": "zhengshouye",
    "周云鹏": "zhouyunpeng",
    "何平安": "hepingan",
    "涂玉梅": "tuyumei",
    "韩春燕": "hanchunyan",
    "彭文斌": "pengwenbin",
    "儒林苑社区": "zhaojiahui",
    "魏兰芝": "weilanzhi",
    "陶春燕": "taochunyan",
    "孙耿网格员": "hesiyu",
    "孙耿社区": "zhangshumin",
    "孙耿街道": "hezhengping",
    "刘平": "liuping",
    "文汇社区": "qinjiahui",
    "榆山街道": "qinguanglin",
    "中兴路街道": "maqiaoling",
    "孔庆安": "kongqingan",
    "马少峰": "mashaofeng",
    "无影山街道": "zhangxueqing",
    "综合执法局": "lyujiahui",
    "新华社区": "hancaiyun",
    "新华街街道": "yangzhenhua",
    "石会明": "shihuiming",
    "褚秋菊": "chuqiuju",
    "冯春燕": "fengchunyan",
    "李广林": "liguanglin",
    "富宁街街道": "shenzhiyuan",
    "韩志强": "hanzhiqiang",
}
UNITS = {
    "司法所": "lijingjie-sifasuo",
    "法律顾问": "yinhong-falvguwen",
    "派出所": "lijingjie-paichusuo",
    "供电公司": "gongdian",
    "物业": "yinhong-wuye",
    "洪北物业": "hongbei-wuye",
    "通信公司": "tongxin",
    "市政管理处": "shi-shizheng",
    "金茂物业": "jinmao-wuye",
    "丽锦苑物业": "lijinyuan-wuye",
    "住建局": "zhujian",
    "供水公司": "gongshui",
}
RECEIVERS = {
    "司法所": "hewenbin",
    "法律顾问": "gaoyuan",
    "派出所": "yangfan",
    "供电公司": "wuqiang",
    "物业": "yuhaitao",
    "通信公司": "jiangshouye",
    "市政管理处": "chenjingyi",
    "金茂物业": "geyuee",
    "丽锦苑物业": "pengcaiyun",
    "消防救援大队": "shenqiuju",
    "执法中队": "yangweidong",
    "住建局": "zhaoguanglin",
    "环卫中心": "jiangguizhen",
    "供水公司": "lyuguanglin",
}


def username(who: str) -> str:
    """The account of somebody the features name."""
    return STAFF.get(who) or RECEIVERS[who]


SEWAGE_AREA = "yinchuan.xingqing.lijingjie.yinhong.g3.b5u2"
YINHONG = "yinchuan.xingqing.lijingjie.yinhong"
WET_FLOOR_AREA = "yinchuan.xingqing.tianshanlu.guangminghongyan.g1.b2u1"
XISHAN = "yinchuan.xingqing.wuyingshan.xishan"
QINYUAN = "yinchuan.xingqing.zhongxinglu.qinyuan"
QINGHE = "yinchuan.xingqing.zhongshannanjie.qinghe"
SUNGENG_AREA = "yinchuan.xingqing.sungeng.sungengcun.g1.m1"
WENHUI = "yinchuan.xingqing.yushan.wenhui"
LAMP_AREA = "yinchuan.xingqing.shandalu.hongbei.g2.b7"
CHEN_PHONE, CHEN_TAIL = "13900000101", "0101"
HELPERS = ("司法所", "法律顾问", "派出所")
