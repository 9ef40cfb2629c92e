"""The public question: has the person of these two or three facts a certificate?"""
